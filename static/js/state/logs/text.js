// Text of files: its encoding, and its lines without the colours of a terminal.

const LONGEST_LINE = 1 << 20;
// eslint-disable-next-line no-control-regex
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]/g;
const CHUNK = 1 << 22;

/** The text of bytes in pieces of `size` bytes. Line ends are those of any system. */
export function* textChunks(bytes, size = CHUNK) {
  const [first, second] = bytes.subarray(0, 2);
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  const decoder = new TextDecoder(encoding);
  let carried = "";
  for (let place = 0; place < bytes.length; place += size) {
    const more = place + size < bytes.length;
    const text = carried + decoder.decode(bytes.subarray(place, place + size), { stream: more });
    // A carriage return at the end may belong to the line feed of the next piece.
    carried = more && text.endsWith("\r") ? "\r" : "";
    yield (carried ? text.slice(0, -1) : text).replace(/\r\n?/g, "\n");
  }
}

/** The lines of bytes without white space at their ends; longer ones are cut. */
export function* textLines(bytes, size = CHUNK) {
  let rest = "";
  for (const chunk of textChunks(bytes, size)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.length < LONGEST_LINE) yield plain(line);
      else yield* pieces(line);
    }
    while (rest.length >= LONGEST_LINE) {
      yield plain(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
  }
  if (rest) yield plain(rest);
}

/** The pieces of a line. Its end counts as a character, so the last piece may be empty, wherever the chunks end. */
function* pieces(line) {
  for (let first = 0; first <= line.length; first += LONGEST_LINE) {
    yield plain(line.slice(first, first + LONGEST_LINE));
  }
}

function plain(line) {
  return (line.includes("\x1b") ? line.replace(ESCAPES, "") : line).trimEnd();
}
