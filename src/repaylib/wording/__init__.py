"""How facts are said: sentences as values, and a catalogue of texts for each language.

A fact decides which sentence it is and fills its slots; a catalogue turns it into text last.
Start reading in `sentence`, then in `en`; `zh` has the same keys and slots.
"""

__all__ = ()
