"""Antipode's shared library: everything that has behaviour. Handlers only wire it together."""
