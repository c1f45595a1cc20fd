"""The product shown on bundled sample feeds, with nothing set up: real parts, invented people."""
