"""The audit of a lender's own figures."""
