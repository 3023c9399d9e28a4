"""The day that test exports declare, and a name that no program may run."""

import datetime as dt

DAY = dt.date(2026, 11, 26)
HOSTILE = "=HYPERLINK(0) <script>alert(1)</script> & 'x'"
