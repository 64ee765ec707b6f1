"""Tests of the lanes in WebAssembly."""
