// GIF comment: a text inside a GIF, which programs show with the picture's properties. gifenc writes none.

const HEADER = 13; // bytes of the signature and of the screen's description
const REPETITION = 19; // bytes of the extension that repeats the animation, as gifenc writes it
const LONGEST = 255; // bytes of a block

/** An extension with a text in blocks. */
function commentExtension(text) {
  const bytes = new TextEncoder().encode(text);
  const blocks = [];
  for (let at = 0; at < bytes.length; at += LONGEST) {
    const block = bytes.subarray(at, at + LONGEST);
    blocks.push(block.length, ...block);
  }
  return Uint8Array.from([0x21, 0xfe, ...blocks, 0]);
}

/** The parts of a GIF with a comment before its first picture. @param {Uint8Array<ArrayBuffer>} gif by gifenc */
export function withComment(gif, text) {
  // The last three bits of this byte are the size of the table of colours that follows.
  const colours = 3 * 2 ** ((gif[10] & 7) + 1);
  const at = HEADER + colours + REPETITION;
  return [gif.subarray(0, at), commentExtension(text), gif.subarray(at)];
}
