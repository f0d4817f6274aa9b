"""`python -m mingjian.cli`: how the supervisor starts its children."""

import sys

from mingjian.cli.entry import main

sys.exit(main())
