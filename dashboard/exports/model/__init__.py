"""The model as a spreadsheet: sheets of live formulas that mirror the stages of `forecasts`."""
