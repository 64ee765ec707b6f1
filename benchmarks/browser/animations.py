"""Animations of the default Scene: seconds from the press to the file, and what encoding its pictures alone takes."""

import time

from playwright.sync_api import Page

from browser.report import row

FORMATS = ("gif", "webm", "mp4")
SIZE = (928, 476)
# Pictures of 60 steps, and those in a video, whose last picture is repeated for a second.
PICTURES, HELD = 121, 141
# The libraries with pictures that are there already: a dot that moves over a shade.
PREPARE = """async ([width, height, count]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const shade = context.createLinearGradient(0, 0, width, height);
  shade.addColorStop(0, '#f4ecd8');
  shade.addColorStop(1, '#35577a');
  const draw = (k) => {
    context.fillStyle = shade;
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#c8400a';
    context.fillRect(4 * k, 2 * k, 9, 9);
  };
  const script = document.querySelector('script[type=module]').src;
  const vendor = (name) => import(script.replace('js/main.js', `vendor/${name}`));
"""
GIF_ALONE = (
    PREPARE
    + """
  const { GIFEncoder, applyPalette, quantize } = await vendor('gifenc/gifenc.esm.js');
  const pictures = Array.from({ length: count }, (_, k) => {
    draw(k);
    return context.getImageData(0, 0, width, height).data;
  });
  const began = performance.now();
  const encoder = GIFEncoder();
  const palette = quantize(pictures[0], 256);
  for (const data of pictures) encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 50 });
  encoder.finish();
  return (performance.now() - began) / 1000;
}"""
)
WEBM_ALONE = (
    PREPARE
    + """
  const library = await vendor('mediabunny/mediabunny.min.mjs');
  const { Output, BufferTarget, CanvasSource, Quality, WebMOutputFormat } = library;
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec: 'vp9', quality: new Quality('very-high') });
  output.addVideoTrack(source, { frameRate: 20 });
  const began = performance.now();
  await output.start();
  for (let k = 0; k < count; k++) {
    draw(k);
    await source.add(k / 20, 1 / 20);
  }
  await output.finalize();
  return (performance.now() - began) / 1000;
}"""
)


def seconds_to_save(page: Page, format: str) -> float:
    """Seconds from the press of a format to its file."""
    began = time.perf_counter()
    with page.expect_download(timeout=120_000):
        page.click(f"[data-export='{format}']")
    return time.perf_counter() - began


def measure_animations(page: Page, repeat: int) -> None:
    """Map and relief at 1x; the relief is drawn by Plotly once per file."""
    page.click("#export")
    offered = [format for format in FORMATS if page.is_visible(f"[data-export='{format}']")]
    for format in offered:
        row(f"60 steps as {format}", [seconds_to_save(page, format) for _ in range(repeat)], "s", "")
    page.keyboard.press("Escape")
    alone = [page.evaluate(GIF_ALONE, [*SIZE, PICTURES]) for _ in range(repeat)]
    row("  gifenc alone, as many pictures of that size", alone, "s", "")
    if "webm" in offered:
        alone = [page.evaluate(WEBM_ALONE, [*SIZE, HELD]) for _ in range(repeat)]
        row("  VP9 encoder and muxer alone, the same", alone, "s", "")
