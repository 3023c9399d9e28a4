"""A page of the app without a browser: opened by its link, its buttons pressed."""

import re
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "dashboard" / "app.py"


def opened(page: str, **link: str) -> AppTest:
    """Open a page; the link's parameters are given by name."""
    app = AppTest.from_file(str(APP), default_timeout=180)
    for name, value in link.items():
        app.query_params[name] = value
    app.run().switch_page(f"app_pages/{page}.py").run()
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button of that label."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception[0].message
    return app


def figures(app: AppTest, part: str = "value") -> list[str]:
    """Return the values of the row of figures on a page, or its notes."""
    drawn = "".join(str(one.proto.body) for one in app.get("html"))
    found = re.findall(rf'class="rc-kpi-{part}[^"]*">(.*?)</div>', drawn)
    return [unescape(re.sub("<[^>]*>", "", one)) for one in found]
