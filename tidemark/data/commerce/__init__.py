"""Files of a made-up shop, for trials, benchmarks and the demo."""
