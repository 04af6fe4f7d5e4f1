"""Proves stored views on a scratch copy: random histories, and after each run stored rows compared with live ones.

``tables`` says what there is to change, ``values`` makes values up, ``rows`` takes rows from the real tables,
``history`` draws changes, ``stage`` plays them, ``shrink`` makes a failing history short, ``script`` writes it down.
"""
