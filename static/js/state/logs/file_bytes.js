// File bytes: the bytes of a file that may be larger than memory, read in blocks. Only a worker can read them at once.

const BLOCK = 1 << 23;

/**
 * Something with the `length` and the `subarray` of a Uint8Array. `note(share)` is called with the share of the file that has
 * been read up to the newest block. A block has `size` bytes.
 * @param {Blob} file
 * @param {(share: number) => void} note
 */
export function fileBytes(file, note = () => {}, size = BLOCK) {
  // Workers alone have it, so the types of pages do not.
  const reader = new /** @type {any} */ (globalThis).FileReaderSync();
  let [from, block] = [0, new Uint8Array(0)];

  function load(first, last) {
    from = first;
    block = new Uint8Array(reader.readAsArrayBuffer(file.slice(first, Math.max(last, first + size))));
    note(Math.min(1, (first + block.length) / file.size));
  }

  return {
    length: file.size,
    /** The bytes from `first` up to `end`, as a view of a block. */
    subarray(first, end = file.size) {
      const last = Math.min(end, file.size);
      if (first < from || last > from + block.length) load(first, last);
      return block.subarray(first - from, last - from);
    },
  };
}
