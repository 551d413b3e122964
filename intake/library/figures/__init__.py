"""Our own drawings of exercises and positions, as data: drawn as SVG on a page and as vectors in print."""
