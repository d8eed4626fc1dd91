"""Bridges to other systems; each module needs the extra that it is named for."""
