"""The pages of the patient leaflets; their texts belong to a guideline."""
