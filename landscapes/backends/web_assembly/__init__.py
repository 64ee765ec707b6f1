"""The lanes of a sweep as WebAssembly, for browsers."""
