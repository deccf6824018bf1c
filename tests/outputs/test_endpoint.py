"""Endpoints of a plan: what would leak a key or cannot be asked is refused, and the cost is told from the prompts."""

import pytest

from stillwatch.errors import ConfigError
from stillwatch.outputs.endpoint import Endpoint, check, cost, key_of, read_endpoints


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("", "no endpoint", id="nothing in it"),
        pytest.param("[a]\nmodel = 'm'", "not a list of endpoints", id="no address"),
        pytest.param(
            "[a]\nbase_url = 'https://h/v1'\nmodel = 'm'\napi_key = 'sk'", "not a list", id="an unknown key"
        ),
        pytest.param("[a]\nbase_url = 'ftp://h'\nmodel = 'm'", "no http", id="another protocol"),
        pytest.param(
            "[a]\nbase_url = 'https://me:pw@h/v1'\nmodel = 'm'", "holds a password", id="a password"
        ),
        pytest.param(
            "[a]\nbase_url = 'https://h'\nmodel = 'm'\nkey = 'sk-123'", "no reference", id="the key itself"
        ),
        pytest.param(
            "[a]\nbase_url = 'http://h'\nmodel = 'm'\nkey = 'env:K'", "without TLS", id="a key in the open"
        ),
        pytest.param(
            "[a]\nbase_url = 'https://h'\nmodel = 'm'\nconcurrency = 0", "not a list", id="nobody asks"
        ),
        pytest.param("[a", "not valid TOML", id="no TOML"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path, body, said):
    path = tmp_path / "endpoints.toml"
    path.write_text(body)
    with pytest.raises(ConfigError, match=said) as raised:
        read_endpoints(path)
    assert "sk-123" not in f"{raised.value}{raised.value.hint}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_key_may_stay_on_this_machine(host):
    check(Endpoint(base_url=f"http://{host}:8000/v1", model="m", key="env:K"), "here")


def test_a_key_comes_from_a_variable_or_a_file(tmp_path):
    (tmp_path / "key").write_text("from-file\n")
    of = lambda reference: Endpoint(base_url="https://h/v1", model="m", key=reference)  # noqa: E731
    assert key_of(of(None)) is None
    assert key_of(of("env:K"), {"K": " from-env "}) == "from-env"
    assert key_of(of(f"file:{tmp_path / 'key'}")) == "from-file"
    for reference, env in (("env:K", {}), ("env:K", {"K": "a\nb"}), ("file:absent", {})):
        with pytest.raises(ConfigError):
            key_of(of(reference), env)


def test_the_cost_is_an_upper_bound_from_prompts_and_prices():
    one = Endpoint(
        base_url="https://h/v1", model="m", system="s" * 40, max_tokens=100, queries_max=50, price_input=1.0, price_output=10.0
    )  # fmt: skip
    told = cost("m", one, ["p" * 400] * 10, 5, (None, None))
    assert (told.requests, told.requests_left) == (10, 45)
    assert (told.input_tokens, told.output_tokens_max) == (1100, 1000)
    assert told.cost_max == pytest.approx((1100 * 1 + 1000 * 10) / 1e6)
    assert cost("m", one, ["p"] * 10, 0, (None, 0.0)).cost_max == 0.0001
    assert cost("m", one, ["p"] * 100, 45, (None, None)).requests == 5
