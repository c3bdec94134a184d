"""One export: its format, page layout and painter, and the files that hold a picture or numbers. Knows no tab."""
