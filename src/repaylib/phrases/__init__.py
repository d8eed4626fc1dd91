"""What an error says, as a value: a text with slots, what fills them, and how values are shown.

A phrase is English as a string, and keeps its parts, so that a catalogue can say it in another
language. Start reading in `phrase`; ``wording/zh_errors`` says them in Chinese.
"""

__all__ = ()
