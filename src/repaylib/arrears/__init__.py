"""What was really paid: the life of a loan, statements of it, agreements over agreements."""
