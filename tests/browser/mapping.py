"""From a window of the loss to the pixels of the map on screen, and back."""

from dataclasses import dataclass

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mapping:
    """From a window to the pixels of the map on screen, and back."""

    window: Bounds
    box: Bounds

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        left, right, bottom, top = self.window
        x0, y0, width, height = self.box
        return x0 + (x - left) / (right - left) * width, y0 + (top - y) / (top - bottom) * height

    def point(self, px: float, py: float) -> tuple[float, float]:
        """The point under a pixel."""
        left, right, bottom, top = self.window
        x0, y0, width, height = self.box
        return left + (px - x0) / width * (right - left), top - (py - y0) / height * (top - bottom)
