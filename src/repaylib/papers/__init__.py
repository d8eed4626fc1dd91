"""What is written: agreements and letters, in English and in Chinese."""
