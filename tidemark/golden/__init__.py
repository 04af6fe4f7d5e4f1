"""Golden cases: does what a family's ``golden.toml`` says and compares what comes out with the expected files.

Everything that is particular to a family stands in ``tests/golden/<family>/``: the steps in ``golden.toml``, the
queries in ``.sql`` files beside it. See docs/golden.md.
"""
