"""Time in 90 kHz ticks, the injected clock, ids and the error base. Imports nothing of ours."""
