"""Rule functions: from facts to a Decision. Pure; an instant is a parameter."""
