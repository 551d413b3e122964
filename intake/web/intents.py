"""What each form is about to do, in words: for pages that were kept and wait for a click."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

WORDS = {
    "account.overview.end": _l("Sign out one of your sessions"),
    "account.overview.end_others": _l("Sign out all your other sessions"),
    "account.password.change": _l("Change your password"),
    "account.passkeys.options": _l("Add a passkey to your account"),
    "account.passkeys.add": _l("Add a passkey to your account"),
    "account.passkeys.rename": _l("Give a passkey another name"),
    "account.passkeys.remove": _l("Remove a passkey from your account"),
    "account.totp.propose": _l("Set up an authenticator app"),
    "account.totp.confirm": _l("Set up an authenticator app"),
    "account.totp.remove": _l("Remove your authenticator app"),
    "account.recovery.make": _l("Make ten new recovery codes, which ends the old ones"),
    "account.kept.discard": _l("Discard a page that was kept"),
    "account.phrases.save": _l("Write a phrase for notes"),
    "account.phrases.remove": _l("Take a phrase for notes away"),
    "admin.phrases.save": _l("Write a phrase for notes of the clinic"),
    "admin.phrases.remove": _l("Take a phrase for notes of the clinic away"),
    "admin.people.create": _l("Add a person who may sign in"),
    "admin.people.save": _l("Change the name, e-mail or roles of a person"),
    "admin.people.password": _l("Make a link to choose a password for somebody"),
    "admin.people.switch": _l("Let somebody sign in, or end that"),
    "admin.resets.ask": _l("Ask to reset how somebody signs in"),
    "admin.resets.approve": _l("Agree to reset how somebody signs in"),
    "admin.resets.approve_with_key": _l("Reset how somebody signs in, with the key of the owner"),
    "admin.resets.offer_key": _l("Make a new key for the owner"),
    "admin.resets.keep_key": _l("Say that the owner's key is written down, which ends the one before"),
    "admin.resets.drop": _l("Take back a wish to reset how somebody signs in"),
    "admin.alerts.save": _l("Change working hours and who is told of warning signs"),
    "admin.alerts.add_holiday": _l("Add a day on which the clinic is closed"),
    "admin.alerts.remove_holiday": _l("Take a day out of the list of holidays"),
    "admin.alerts.put_away": _l("Put an e-mail away that did not go out"),
    "admin.alerts.try_again": _l("Try an e-mail again that did not go out"),
    "admin.settings.save": _l("Change the settings of the clinic"),
    "admin.settings.name_lead": _l("Name who looks after safety"),
    "admin.settings.add_place": _l("Add a place"),
    "admin.forms.create": _l("Add a draft of a form"),
    "admin.packs.create": _l("Add the words of a measure as a draft"),
    "admin.forms.publish": _l("Publish a form, which cannot be changed afterwards"),
    "admin.forms.retire": _l("Retire a form, so that no new visit asks for it"),
    "admin.forms.discard": _l("Throw a draft of a form away"),
    "admin.codes.add": _l("Add or change a procedure that is billed"),
    "admin.codes.add_payer": _l("Add or change a payer"),
    "admin.codes.stop": _l("Stop using a code"),
    "admin.previews.send": _l("Go on in the preview of a form"),
    "admin.previews.send_ours": _l("Go on in the preview of a form"),
    "admin.visit_forms.change": _l("Change which forms a kind of visit asks for"),
    "clinic.codes.search": _l("Look for a diagnosis code"),
    "clinic.courses.record": _l("Record what happened to a plan of care"),
    "clinic.courses.take_back": _l("Take back an entry about a plan of care"),
    "clinic.patients.search": _l("Look for a patient"),
    "clinic.patients.create": _l("Add a patient"),
    "clinic.patients.save": _l("Change the details of a patient"),
    "clinic.patients.schedule": _l("Add a visit"),
    "clinic.care_team.add": _l("Put somebody on a care team"),
    "clinic.care_team.end": _l("Take somebody off a care team"),
    "clinic.visits.invite": _l("Make an invitation"),
    "clinic.visits.mail": _l("Send an invitation by e-mail"),
    "clinic.visits.slip": _l("Print an invitation"),
    "clinic.short_forms.ask": _l("Ask a patient for a short form"),
    "clinic.measures.enter": _l("Type in the numbers of a measure"),
    "clinic.measures.take_out": _l("Take out numbers that were typed in wrongly"),
    "clinic.alone.measure": _l("Write in a chart"),
    "clinic.alone.take_out": _l("Write in a chart"),
    "clinic.transcripts.start": _l("Begin to type in a paper form"),
    "clinic.transcripts.save": _l("Type in a part of a paper form"),
    "clinic.transcripts.finish": _l("Say that a paper form is typed in"),
    "clinic.corrections.start": _l("Correct what was typed in from paper"),
    "clinic.corrections.leave": _l("Leave a paper form as it was typed in first"),
    "clinic.discards.create": _l("Throw away what is typed in of a paper form"),
    "clinic.misfilings.create": _l("Take out a paper form that was typed in in the wrong place"),
    "clinic.transcripts.hand_back": _l("Give a form back to the patient"),
    "clinic.visits.revoke": _l("Withdraw an invitation"),
    "clinic.handovers.start": _l("Hand this device over"),
    "clinic.handovers.end": _l("Close the form on another device"),
    "clinic.alone.search": _l("Look for a patient"),
    "clinic.alone.read": _l("Open a part of a chart"),
    "clinic.alone.write": _l("Write in a chart"),
    "clinic.visits.cancel": _l("Call a visit off"),
    "clinic.worklist.acknowledge": _l("Take on a warning sign"),
    "clinic.worklist.close": _l("Close a warning sign with its outcome"),
    "clinic.worklist.give": _l("Give a warning sign to a colleague"),
    "clinic.answers.mark": _l("Mark answers as reviewed"),
    "clinic.answers.ask": _l("Ask a part of a form again"),
    "clinic.answers.withdraw": _l("Take back a part that was asked again"),
    "clinic.chart_prints.create": _l("Print a chart with the sensitive parts"),
    "clinic.searches.show": _l("Look for words in a chart"),
    "clinic.printouts.create": _l("Print answers with the sensitive ones"),
    "clinic.notes.start": _l("Start a note"),
    "clinic.outside.create": _l("Start a note without a visit"),
    "clinic.notes.save": _l("Save a note"),
    "clinic.notes.sign": _l("Sign a note"),
    "clinic.notes.add": _l("Add to a signed note"),
    "clinic.requests.create": _l("Keep what a patient asks to have changed"),
    "clinic.requests.extend": _l("Take more time to answer a patient's request"),
    "clinic.requests.accept": _l("Accept a patient's request and sign the change"),
    "clinic.requests.deny": _l("Deny a patient's request and sign why"),
    "clinic.requests.disagree": _l("Keep a patient's statement of disagreement"),
    "clinic.errata.create": _l("Correct a signed note"),
    "clinic.errata.add_late": _l("Add a late entry to a signed note"),
    "clinic.notes.cosign": _l("Co-sign a note"),
    "clinic.signatures.options": _l("Sign a note with a passkey"),
    "clinic.signatures.sign": _l("Sign a note with a passkey"),
    "clinic.plans.start": _l("Start a care plan"),
    "clinic.plans.save": _l("Save a care plan"),
    "clinic.plans.issue": _l("Issue a care plan"),
    "clinic.emergencies.search": _l("Look for a chart in an emergency"),
    "clinic.emergencies.open_chart": _l("Open a chart in an emergency"),
    "clinic.emergencies.end": _l("Close a chart that was opened in an emergency"),
    "privacy.emergencies.review": _l("Keep what you make of an emergency"),
    "privacy.trail.search": _l("Look for the lines about a patient"),
}


def words(path: str) -> Any:
    """What a form sent to this path of ours would do; None where it would do nothing that can be named."""
    return WORDS.get(_endpoint(path, "POST"))


def can_be_opened(path: str) -> bool:
    """Whether the path is a page too, to be looked at before anything is sent there."""
    return bool(_endpoint(path, "GET"))


def _endpoint(path: str, method: str) -> str:
    try:
        endpoint, _values = current_app.url_map.bind("").match(path.partition("?")[0], method=method)
    except HTTPException:
        return ""
    return str(endpoint)
