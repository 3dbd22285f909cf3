"""Tables read from files: text, spreadsheets, Parquet; bounded before anything is unpacked."""
