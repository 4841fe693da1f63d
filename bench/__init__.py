"""Measurements of speed and scale, run by hand with `./dev bench`; never by the tests."""
