// Adds a button that shows what is typed to every password field with `data-show` and `data-hide` (the button's texts). Without JavaScript the field
// is a plain password field.
for (const field of document.querySelectorAll('input[data-show]')) {
  if (!(field instanceof HTMLInputElement)) continue
  const button = document.createElement('button')
  const show = (isShown) => {
    field.type = isShown ? 'text' : 'password'
    button.textContent = field.getAttribute(isShown ? 'data-hide' : 'data-show')
  }
  button.type = 'button'
  button.className = 'reveal'
  button.setAttribute('aria-controls', field.id)
  button.addEventListener('click', () => show(field.type === 'password'))
  // Password managers and the browser's own history must see a password.
  field.form?.addEventListener('submit', () => show(false))
  show(false)
  field.after(button)
}
