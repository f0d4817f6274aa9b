"""People, units and appointments from a spreadsheet: read, checked row by row, entered whole or not at all."""
