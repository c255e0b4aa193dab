import { h, render } from 'preact'
import { App } from './app.ts'
import { theme } from './state/theme.ts'

theme.show(theme.chosen)

const page = document.getElementById('page')
if (page) render(h(App, null), page)
