"""Golden cases: loads rows, computes results through the public functions only, compares with the expected files.

``run.check`` is the entry. A domain is one module here with a ``check`` function; ``model_risk`` is the pattern for
a domain whose case is a set of tables. Adding a domain: its module, its line in ``run.DOMAINS``, its queries.
"""
