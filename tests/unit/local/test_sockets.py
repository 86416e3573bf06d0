from __future__ import annotations

import pytest

from local.sockets import HOST, PortInUse, free_port, listen, number


def test_port_0_is_any_port_of_this_machine_alone() -> None:
    with listen(0) as listener:
        assert listener.getsockname() == (HOST, number(listener))


def test_a_port_in_use_is_refused_by_its_number() -> None:
    with listen(0) as listener:
        port = number(listener)
        with pytest.raises(PortInUse) as refused:
            listen(port)
        assert str(refused.value) == f"port {port} of 127.0.0.1 is in use by another program"
        assert refused.value.port == port


def test_a_free_port_can_be_taken_after_it_was_found() -> None:
    port = free_port()
    assert free_port(port) == port
    with listen(port) as listener:
        assert number(listener) == port
