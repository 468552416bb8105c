"""What the audit of the locks says of what the advisories know."""

from tests.packaging.audit import Advisory, Audited, Report, verdict


def test_a_known_fault_fails_and_names_package_advisory_and_remedy() -> None:
    report = Report(
        [
            Audited("sound", "1.0"),
            Audited("faulty", "2.0", [Advisory("PYSEC-0000-1", ["2.1"])]),
            Audited("hidden", skip_reason="not found"),
        ]
    )

    text, code = verdict(report)

    assert code == 1
    assert "faulty 2.0: PYSEC-0000-1, mended in 2.1" in text
    assert "nothing is known of 1 packages: hidden" in text


def test_packages_without_a_known_fault_pass() -> None:
    assert verdict(Report([Audited("sound", "1.0")])) == ("audit: 1 packages, no known faults", 0)


def test_an_audit_that_reached_nobody_does_not_claim_that_all_is_well() -> None:
    text, code = verdict(Report([Audited("hidden", skip_reason="not found")]))

    assert code == 0
    assert "NOT RUN" in text
    assert "no known faults" not in text
