"""Every table of the site, by subject. `models` is their front door.

A method of a table may look only at its own row and its arguments: no session, no URL, no clock.
"""
