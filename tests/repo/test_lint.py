"""tidemark lint has nothing to say about our own files: clocks, comments of bi, keys of stored views, squawk's rules."""

from tidemark.deploy.lint import check_project


def test_nothing_is_found_in_our_files():
    assert [
        f"{finding.where}: {finding.rule}: {finding.message}" for finding in check_project.static([]).findings
    ] == []
