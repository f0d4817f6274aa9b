/** A form that a passkey answers: the browser is asked (Web Authentication), the answer is sent with the form. */

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form instanceof HTMLFormElement) {
    form.addEventListener("submit", (event) => ask(event, form));
  }
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function ask(event, form) {
  const answer = form.querySelector("[data-answer]");
  if (!(answer instanceof HTMLInputElement) || answer.value) {
    return; // answered: the form goes on its way
  }
  event.preventDefault();
  const failed = form.querySelector("[data-failed]");
  try {
    const question = JSON.parse(form.dataset.question ?? "");
    const credential = await (form.dataset.passkey === "create" ? made(question) : used(question));
    answer.value = JSON.stringify(credential);
    form.requestSubmit();
  } catch {
    if (failed instanceof HTMLElement) {
      failed.hidden = false;
    }
  }
}

/** @param {PublicKeyCredentialCreationOptionsJSON} question */
async function made(question) {
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) });
}

/** @param {PublicKeyCredentialRequestOptionsJSON} question */
async function used(question) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
}
