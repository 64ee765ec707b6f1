// Video file: an animation as WebM or MP4, where the browser has an encoder.

import { HOLD, RATE } from "./schedule.js";
import { VIDEOS } from "./formats.js";

const LOST = "The animation cannot be exported, because the server cannot be reached";

/** The library that writes video files is large, so it is loaded for the first one. */
async function loadLibrary() {
  try {
    // The compiler of types would check the library if it knew the address.
    return await import(/** @type {any} */ ("../../../vendor/mediabunny/mediabunny.min.mjs"));
  } catch {
    throw new Error(LOST);
  }
}

/** The tags of a file; programs show `comment`, and the name of the program's tag depends on the format. */
function tagsOf({ title, description, link, software }, format) {
  return { title, description, comment: link, raw: { [VIDEOS[format].softwareTag]: software } };
}

/** An open file of a format with one track, and the source of its pictures. */
async function openFile(library, film, metadata, format) {
  const { Output, BufferTarget, CanvasSource, Quality, getFirstEncodableVideoCodec } = library;
  const { name, container, codecs } = VIDEOS[format];
  const quality = new Quality("very-high");
  const { width, height } = film;
  const codec = await getFirstEncodableVideoCodec(codecs, { width, height, quality });
  if (!codec) throw new Error(`This browser cannot make ${name} files of ${width} × ${height} pixels`);
  const output = new Output({ format: new library[container](), target: new BufferTarget() });
  const source = new CanvasSource(film.canvas, { codec, quality });
  output.addVideoTrack(source, { frameRate: RATE });
  output.setMetadataTags(tagsOf(metadata, format));
  return { output, source };
}

/** Encode all pictures; the last one is repeated, so that the rate is constant. */
async function encode(source, film) {
  const held = film.count + Math.round(HOLD * RATE);
  for (let k = 0; k < held; k++) {
    const shown = Math.min(k, film.count - 1);
    await film.next(shown);
    if (k === shown) film.draw(k);
    await source.add(k / RATE, 1 / RATE);
  }
}

/**
 * A video of pictures. `film` draws them on its canvas, as for a GIF.
 * @param {{canvas: HTMLCanvasElement, width: number, height: number, count: number, draw: (k: number) => void,
 *   next: (k: number) => Promise<void>}} film
 */
export async function videoBlob(film, metadata, format) {
  const { output, source } = await openFile(await loadLibrary(), film, metadata, format);
  try {
    await output.start();
    await encode(source, film);
    await output.finalize();
  } catch (error) {
    // Closes the encoder, which may have stopped by itself.
    await output.cancel().catch(() => {});
    throw new Error(`The browser's encoder of ${VIDEOS[format].name} files stopped: ${error.message}`);
  }
  return new Blob([output.target.buffer], { type: VIDEOS[format].type });
}
