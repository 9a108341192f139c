"""`python -m budgetperf.cli`."""

import sys

from budgetperf.cli import main

sys.exit(main())
