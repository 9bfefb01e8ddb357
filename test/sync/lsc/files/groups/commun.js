// Fonctions communes aux tâches
// oxlint-disable-next-line no-unused-vars -- les scripts de lsc.xml l'appellent
function nettoyer(texte) {
  return texte.replaceAll('\\s+', ' ').trim()
}
