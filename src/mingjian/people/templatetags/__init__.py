"""How pages write what rooms store."""
