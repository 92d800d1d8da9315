"""What the service keeps: issued cards, calls in numbers, feedback, seen tokens. No patient data, ever."""
