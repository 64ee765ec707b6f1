// GIF file: an animation that every browser can make and that every program shows.

import { HOLD, RATE } from "./schedule.js";
import { withComment } from "./gif_comment.js";

const FAILED = "The GIF cannot be exported, because this browser cannot start its encoder";
const MILLISECONDS = 1000;
const SAMPLES = 4; // pictures by which the colours are chosen, from the first to the last

/** A worker that does one task after the other. The page draws a picture while the worker encodes the one before. */
function encoderLine() {
  const worker = new Worker(new URL("gif_worker.js", import.meta.url), { type: "module" });
  let last = Promise.resolve(null);

  const send = (name, given, transfer) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message ? `${FAILED}: ${message}` : FAILED));
      worker.postMessage({ name, given }, transfer);
    });

  return {
    /** Wait until the task before this one is done, then send this one. Its result is that of `result()`. */
    async call(name, given, transfer = []) {
      await last;
      last = send(name, given, transfer);
      // The next call reports the error.
      last.catch(() => {});
    },
    result: () => last,
    end: () => worker.terminate(),
  };
}

function comment({ title, description, link, software }) {
  return [title, description, link, software].join("\n");
}

/**
 * A GIF of pictures. `film` draws them: `film.draw(k)` for k below `film.count`, then `film.pixels()`.
 * @param {{width: number, height: number, count: number, draw: (k: number) => void, pixels: () => ArrayBuffer,
 *   next: (k: number) => Promise<void>}} film
 */
export async function gifBlob(film, metadata) {
  const line = encoderLine();
  try {
    const samples = Array.from({ length: SAMPLES }, (_, k) => {
      film.draw(Math.round((k * (film.count - 1)) / (SAMPLES - 1)));
      return film.pixels();
    });
    await line.call("choosePalette", samples, samples);
    for (let k = 0; k < film.count; k++) {
      await film.next(k);
      film.draw(k);
      const buffer = film.pixels();
      const delay = MILLISECONDS * (1 / RATE + (k === film.count - 1 ? HOLD : 0));
      const { width, height } = film;
      await line.call("addPicture", { buffer, width, height, delay }, [buffer]);
    }
    await line.call("finish", null);
    return new Blob(withComment(await line.result(), comment(metadata)), { type: "image/gif" });
  } finally {
    line.end();
  }
}
