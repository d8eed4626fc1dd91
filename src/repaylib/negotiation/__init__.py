"""From what can be paid to the plans that both sides can sign."""
