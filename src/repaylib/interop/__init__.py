"""Bridges to other systems; each module needs the extra that it is named for.

Start reading in `arrow`, which streams the rows of many loans as Arrow record batches.
"""

from repaylib.interop.arrow import amortise_batches, batches_of, ddl_of, schema_of

__all__ = ["amortise_batches", "batches_of", "ddl_of", "schema_of"]
