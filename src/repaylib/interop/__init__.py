"""Bridges to other systems; each module needs the extra that it is named for.

Start reading in `arrow`, which streams the rows of many loans as Arrow record batches.
"""
