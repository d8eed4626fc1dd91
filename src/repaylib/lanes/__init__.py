"""Many loans at once: the fold of the engine over arrays, each loan a lane, exact to the cent."""
