"""Player: an animation as the browser plays it, compared with a figure."""

import base64
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.visitor import PATIENCE, Visitor

# Rows of the key above the pictures, where an animation has the number of the step.
KEY = 40
COMPARE = """async ({ animation, type, figure, key, patience }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const pixels = (image, width, height) => {
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, key, width, height - key).data;
  };
  const still = await createImageBitmap(new Blob([bytes(figure)]));
  const [width, height] = [still.width, still.height];
  let [first, last, seconds, size] = [null, null, 0, null];
  if (type === 'image/gif') {
    const decoder = new ImageDecoder({ type, data: bytes(animation) });
    await decoder.tracks.ready;
    await decoder.completed;
    const { frameCount } = decoder.tracks.selectedTrack;
    for (let k = 0; k < frameCount; k++) {
      const { image } = await decoder.decode({ frameIndex: k });
      seconds += image.duration / 1e6;
      size = [image.displayWidth, image.displayHeight];
      if (k === 0) first = pixels(image, width, height);
      if (k === frameCount - 1) last = pixels(image, width, height);
      image.close();
    }
  } else {
    const video = document.createElement('video');
    const seen = (event) => new Promise((resolve, reject) => {
      video.addEventListener(event, resolve, { once: true });
      video.onerror = () => reject(new Error(video.error.message));
    });
    // A seek ends before the picture is there: on a busy machine the element still shows another one, or none.
    let shown = null;
    const note = (_, { mediaTime }) => {
      shown = mediaTime;
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
    video.src = URL.createObjectURL(new Blob([bytes(animation)], { type }));
    await seen('loadeddata');
    [seconds, size] = [video.duration, [video.videoWidth, video.videoHeight]];
    const pictureAt = async (time) => {
      const sought = seen('seeked');
      video.currentTime = time;
      await sought;
      const end = performance.now() + patience;
      while (shown === null || Math.abs(shown - time) > 0.1) {
        if (performance.now() > end) throw new Error(`no picture at ${time} s, but at ${shown} s`);
        await new Promise(requestAnimationFrame);
      }
      return pixels(video, width, height);
    };
    first = await pictureAt(0.01);
    last = await pictureAt(seconds - 0.01);
  }
  const wanted = pixels(still, width, height);
  const close = (a, k, b, j) =>
    !(Math.abs(a[k] - b[j]) + Math.abs(a[k + 1] - b[j + 1]) + Math.abs(a[k + 2] - b[j + 2]) > 150);
  // Plotly's camera may come to rest between two drawings, which moves the relief by less than a pixel.
  const near = [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => 4 * (row * width + column)));
  const far = (a, b) => {
    let count = 0;
    for (let k = 0; k < a.length; k += 4) {
      if (!close(a, k, b, k) && !near.some((by) => close(a, k, b, k + by))) count++;
    }
    return count;
  };
  return [seconds, size, far(first, last), far(last, wanted)];
}"""


class Comparison(NamedTuple):
    """An animation next to a figure: pixels in which its first and last picture, or the last and the figure, differ."""

    seconds: float
    size: list[int]
    changed: int
    off: int


def blank_page(visitor: Visitor) -> Page:
    """A page of the same origin without a policy, in the same browser profile."""
    page = visitor.page.context.new_page()
    page.route("**/blank", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(f"{visitor.address}/blank")
    return page


def compare(visitor: Visitor, animation: Path, type: str, figure: Path) -> Comparison:
    """Play an animation, and compare it with a PNG of the same part at 1x."""
    page = blank_page(visitor)
    texts = [base64.b64encode(path.read_bytes()).decode() for path in (animation, figure)]
    found = page.evaluate(
        COMPARE, {"animation": texts[0], "figure": texts[1], "type": type, "key": KEY, "patience": PATIENCE}
    )
    page.close()
    return Comparison(*found)
