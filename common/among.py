"""``key__among=[…]``: in a list of keys of any length, as one parameter.

What takes long to find is found once and looked up in several queries; ``in`` would write each key
as a parameter of its own, of which databases take some thousands.
"""

import json
from typing import Any

from django.db import models


@models.BigIntegerField.register_lookup
class Among(models.Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        keys = [int(key) for key in self.rhs]
        if connection.vendor == "sqlite":
            return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(keys))
        return f"{column} = ANY(%s::bigint[])", (*params, keys)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]
