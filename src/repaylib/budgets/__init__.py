"""Several debts under one budget."""
